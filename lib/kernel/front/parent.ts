/** Jupyter tells a kernel its parent; when that has gone, so must the kernel. Calls `gone` once. */
export function watchParent(gone: () => void): void {
  const pid = Number(process.env.JPY_PARENT_PID ?? 0);
  if (!Number.isInteger(pid) || pid <= 1) return;
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    gone();
  }, 1000);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else is alive too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
