import eagerly from '@fastify/fast-json-stringify-compiler';

const eager = eagerly();

/**
 * Writes answers by their schemas, each compiled when it is first answered with: the routes have some thousand, and a process
 * answers with few of them before it is asked for anything.
 */
export const writeAnswers: typeof eager = (schemas, options) => {
  const compile = eager(schemas, options);
  return (route) => {
    let write: ReturnType<typeof compile> | undefined;
    return (answer) => (write ??= compile(route))(answer);
  };
};
