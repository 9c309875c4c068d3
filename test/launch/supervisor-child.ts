/** A supervised process for tests: appends what happens to it to the file of its first argument's environment. */
import { appendFileSync } from 'node:fs';

const { NAME = '', DIARY = '', STUBBORN } = process.env;
const write = (what: string) => appendFileSync(DIARY, `${NAME} ${what} ${process.pid}\n`);

process.on('SIGTERM', () => {
  write('asked');
  if (STUBBORN) return;
  // longer than a signal takes to arrive elsewhere, so that a wrong order of stopping shows
  setTimeout(() => {
    write('ended');
    process.exit();
  }, 100);
});
write('started');
setInterval(() => undefined, 60_000);
