/** Node's clocks and its queue, as they were before a cell could put others in their place, as mocks of timers do. */
export const { nextTick, uptime } = process;

export const now = performance.now.bind(performance);
