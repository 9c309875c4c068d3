/**
 * Loaded into every supervised process before its own code. When the supervisor is gone, killed even, the channel to it
 * closes: the process then stops as if asked to, and does not stay behind holding its port.
 */
const DRAIN_MS = 10_000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
});
// listening must not keep a process alive that has nothing else to do
process.channel?.unref();
