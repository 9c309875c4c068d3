import type postgres from 'postgres';

type Types = { bigint: number };
type Client = postgres.Sql<Types>;
type Work<T> = (sql: postgres.TransactionSql<Types>) => T | Promise<T>;

/**
 * `begin` of postgres.js, with a client of one connection for each transaction under way, `places` at most; who finds none free
 * waits in turn. On connections that others use, the driver may send BEGIN without keeping the connection: statements that
 * nobody meant to join then run in a transaction that nobody commits (https://github.com/porsager/postgres/issues/1189, 823).
 */
export function openTransactions(connect: () => Client, places: number) {
  const clients = new Set<Client>();
  const free: Client[] = [];
  const line: Array<(client: Client) => void> = [];
  let isClosed = false;

  const open = (): Client => {
    const client = connect();
    if (isClosed) void client.end();
    else clients.add(client);
    return client;
  };
  const take = async (): Promise<Client> => {
    const client = free.pop() ?? (clients.size < places ? open() : undefined);
    return client ?? new Promise((resolve) => line.push(resolve));
  };
  const giveBack = (client: Client): void => {
    const next = line.shift();
    if (next) next(client);
    else free.push(client);
  };
  /** Its connection broke while the work went on: what that still asks is refused, and can't get into another transaction. */
  const replace = (client: Client): void => {
    clients.delete(client);
    void client.end({ timeout: 0 });
    giveBack(open());
  };

  function begin<T>(work: Work<T>): Promise<T>;
  function begin<T>(options: string, work: Work<T>): Promise<T>;
  async function begin<T>(...said: [work: Work<T>] | [options: string, work: Work<T>]): Promise<T> {
    const [options, work] = said.length === 1 ? ['', said[0]] : said;
    const client = await take();
    let isWorking = false;
    try {
      const { answer } = await client.begin(options, async (sql) => {
        isWorking = true;
        try {
          return { answer: await work(sql) };
        } finally {
          isWorking = false;
        }
      });
      return answer;
    } finally {
      if (isWorking) replace(client);
      else giveBack(client);
    }
  }

  return {
    begin,
    /** Lets transactions under way end, so long; who still begins one is refused. */
    async close(timeoutSeconds: number): Promise<void> {
      isClosed = true;
      await Promise.all([...clients].map((client) => client.end({ timeout: timeoutSeconds })));
    },
  };
}
