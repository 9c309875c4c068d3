/** tap starts every test file with this: the children of tests get tsx alone, and not tap's own hooks, which cost each of them seconds. */
process.execArgv = ['--import', import.meta.resolve('tsx')];
