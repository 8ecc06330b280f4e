"""A Ray cluster of several nodes on this machine, for ray.test.ts: answers lines on standard input.

`add CPUS` starts a node and answers its number, `kill NUMBER` kills one at once, with everything on it; the end of the input ends all.
"""

import inspect
import os
import signal
import socket
import sys

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
# A busy machine: what starts has minutes, and nothing starts before it is asked for.
os.environ.setdefault("RAY_worker_register_timeout_seconds", "600")
os.environ.setdefault("RAY_prestart_worker_first_driver", "0")
os.environ.setdefault("RAY_enable_worker_prestart", "0")

import psutil
import ray._private.services as services
from ray.cluster_utils import Cluster

STORE = 80 * 2**20
# On a busy machine a node's agents are not there within the 15 s after which Ray gives the node up (ray-project/ray, issue 65983). With
# given ports it waits for one of them only, for the file that says its port: it gets that at once.
AGENTS = ["metrics_agent_port", "metrics_export_port", "dashboard_agent_listen_port", "runtime_env_agent_port"]


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def node(cpus, **more):
    return {
        "num_cpus": cpus,
        "object_store_memory": STORE,
        "include_dashboard": False,
        "include_log_monitor": False,
        "no_monitor": True,
        **dict(zip(AGENTS, free_ports(len(AGENTS)))),
        **more,
    }


start_raylet = services.start_raylet


def start_with_port(*args, **more):
    given = inspect.signature(start_raylet).bind(*args, **more).arguments
    name = f"dashboard_agent_listen_port_{given['node_id']}"
    with open(os.path.join(given["session_dir"], name), "w") as file:
        file.write(str(given["dashboard_agent_listen_port"]))
    return start_raylet(*args, **more)


services.start_raylet = start_with_port
# Nobody looks at a dashboard here, and a node waits a minute for it.
services.start_api_server = lambda *_, **__: ("", None)


def kill(raylet):
    """As a machine that loses its power."""
    for process in [*psutil.Process(raylet).children(recursive=True), psutil.Process(raylet)]:
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            pass


out = os.dup(1)
os.dup2(2, 1)
client_port = free_ports(1)[0]
cluster = Cluster(initialize_head=True, head_node_args=node(0, ray_client_server_port=client_port))
nodes = []
os.write(out, f"{cluster.address} {client_port}\n".encode())
for line in sys.stdin:
    what, number = line.split()
    if what == "add":
        nodes.append(cluster.add_node(wait=False, **node(int(number))))
        os.write(out, f"{len(nodes) - 1}\n".encode())
    else:
        kill(nodes[int(number)].all_processes["raylet"][0].process.pid)
        os.write(out, b"killed\n")
cluster.shutdown()
