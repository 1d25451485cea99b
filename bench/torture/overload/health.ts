/** Requests /health and /ready every 50 ms until it is stopped. */
export function watchHealth(base: string) {
  let over = false;
  let [worst, asked] = [0, 0];
  const failed: string[] = [];
  const watch = async (path: string) => {
    while (!over) {
      const began = performance.now();
      const status = await fetch(base + path, { signal: AbortSignal.timeout(2_000) })
        .then(async (answer) => (await answer.text()) && answer.status)
        .catch((error: Error) => error.message);
      asked += 1;
      worst = Math.max(worst, performance.now() - began);
      if (status !== 200) failed.push(`${path} ${status}`);
      await Bun.sleep(50);
    }
  };
  const watching = Promise.all(['/health', '/ready'].map(watch));
  return {
    /** ms of the slowest answer, and those of the `asked` requests that got no 200 */
    async stop() {
      over = true;
      await watching;
      return { worst, failed, asked };
    },
  };
}
