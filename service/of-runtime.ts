import type { Runtime } from './runtime.ts';

/** One value a runtime, made when it is first asked for: batchers and caches belong to a process, not to a module. */
export function ofRuntime<T>(make: (runtime: Runtime) => T): (runtime: Runtime) => T {
  const made = new WeakMap<Runtime, T>();
  return (runtime) => {
    const known = made.get(runtime);
    if (known !== undefined) return known;
    const value = make(runtime);
    made.set(runtime, value);
    return value;
  };
}
