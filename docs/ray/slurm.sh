#!/usr/bin/env bash
# sbatch --nodes 8 --cpus-per-task 8 docs/ray/slurm.sh [options of npm run train]
#SBATCH --job-name=worldcompass
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=8
#SBATCH --time=24:00:00
set -euo pipefail

ray=.cache/python/bin/ray # The checkout is on a file system that all nodes share.
port=6379
head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
address=$(srun --nodes 1 --ntasks 1 -w "$head" hostname --ip-address | cut -d' ' -f1)

srun --nodes 1 --ntasks 1 -w "$head" \
  "$ray" start --head --node-ip-address "$address" --port $port --num-cpus "$SLURM_CPUS_PER_TASK" --block &
sleep 30
if ((SLURM_NNODES > 1)); then
  srun --nodes $((SLURM_NNODES - 1)) --ntasks $((SLURM_NNODES - 1)) --exclude "$head" \
    "$ray" start --address "$address:$port" --num-cpus "$SLURM_CPUS_PER_TASK" --block &
fi

srun --overlap --nodes 1 --ntasks 1 -w "$head" \
  npm run train -- --engine "$address:$port" --workers $((SLURM_NNODES * SLURM_CPUS_PER_TASK)) "$@"
