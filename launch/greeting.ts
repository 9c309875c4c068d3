export interface Greeting {
  apiUrl: string;
  sandboxUrl: string | undefined;
  /** the first administrator; undefined when none was asked for */
  email: string | undefined;
  /** only when it was invented by us and the account is new */
  password: string | undefined;
  /** where an invented password can be read again */
  secretsFile: string | undefined;
}

/** What a person wants to know once everything runs: addresses, the first account, and a first call to paste. */
export function greeting({ apiUrl, sandboxUrl, email, password, secretsFile }: Greeting): string {
  const lines = [
    '',
    'Dialfleet is ready.',
    '',
    `  API             ${apiUrl}`,
    `  API reference   ${apiUrl}/docs`,
    `  Queue board     ${apiUrl}/queues`,
    ...(sandboxUrl ? [`  Sandbox log     ${sandboxUrl}/_sandbox/calls`] : []),
    '',
    ...(email ? [`  Administrator   ${email}`] : []),
    ...(password
      ? [`  Password        ${password}   (shown once; kept in ${secretsFile})`]
      : secretsFile
        ? [`  Password        see ${secretsFile}`]
        : []),
    '',
    ...(sandboxUrl && email
      ? ['A first call: the sandbox answers numbers that end in 0006 and talks. Paste:', '', ...firstCall(apiUrl, email, password)]
      : []),
    'Ctrl-C stops everything.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function firstCall(apiUrl: string, email: string, password: string | undefined): string[] {
  const post = `curl -s -H 'content-type: application/json'`;
  const signedPost = `${post} -H "authorization: Bearer $TOKEN"`;
  const login = JSON.stringify({ email, password: password ?? 'YOUR PASSWORD' });
  const agent = JSON.stringify({ name: 'First agent', systemPrompt: 'You are a friendly assistant.', voice: 'Rachel', isActive: true });
  return [
    `  API=${apiUrl}/api/v1`,
    `  TOKEN=$(${post} $API/auth/login -d '${login}' | ${field('token')})`,
    `  AGENT=$(${signedPost} $API/agents -d '${agent}' | ${field('_id')})`,
    `  CALL=$(${signedPost} $API/calls/outbound -d '{"toPhone":"+14155550006","agentId":"'$AGENT'","priority":"high"}' | ${field('_id')})`,
    `  sleep 5; curl -s -H "authorization: Bearer $TOKEN" $API/calls/outbound/$CALL`,
    '',
  ];
}

/** The first string of that name in a JSON text, by what every machine has. */
function field(name: string): string {
  return `grep -o '"${name}":"[^"]*' | head -1 | cut -d'"' -f4`;
}
