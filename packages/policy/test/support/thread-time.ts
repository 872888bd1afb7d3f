/**
 * The milliseconds that this thread has computed since `before`, a `process.threadCpuUsage()`: what else a busy machine does is not in
 * them. For bounds far from what is expected; figures are measured by benchmarks.
 */
export function threadMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  // How it divides into the two is a guess of the operating system; the sum is not.
  return (user + system) / 1000;
}
