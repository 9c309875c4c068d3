import postgres from 'postgres';

type Types = { bigint: number };
type Client = postgres.Sql<Types>;
type Transaction = postgres.TransactionSql<Types>;
type Work<T> = (sql: Transaction) => T | Promise<T>;

/** One connection, for one transaction at a time. */
interface Place {
  client: Client;
  /** its connection broke under a transaction: it serves no other */
  isBroken: boolean;
}

/**
 * `begin` of postgres.js, with a client of one connection for each transaction under way, `places` at most; who finds none free
 * waits in turn. On connections that others use, the driver may send BEGIN without keeping the connection: statements that
 * nobody meant to join then run in a transaction that nobody commits (https://github.com/porsager/postgres/issues/1189, 823).
 * Nor is anything sent on a connection that broke: the driver would fail where nobody can catch it (issue 1154).
 */
export function openTransactions(connect: (onClose: () => void) => Client, places: number) {
  const all = new Set<Place>();
  const free: Place[] = [];
  const line: Array<(place: Place) => void> = [];
  let isClosed = false;

  const open = (): Place => {
    const place: Place = { client: connect(() => (place.isBroken = true)), isBroken: false };
    if (isClosed) void place.client.end();
    else all.add(place);
    return place;
  };
  const take = async (): Promise<Place> => {
    const place = free.pop() ?? (all.size < places ? open() : undefined);
    return place ?? new Promise((resolve) => line.push(resolve));
  };
  const giveBack = (place: Place): void => {
    const next = line.shift();
    if (next) next(place);
    else free.push(place);
  };
  const replace = (place: Place): void => {
    all.delete(place);
    void place.client.end({ timeout: 0 });
    giveBack(open());
  };

  function begin<T>(work: Work<T>): Promise<T>;
  function begin<T>(options: string, work: Work<T>): Promise<T>;
  async function begin<T>(...said: [work: Work<T>] | [options: string, work: Work<T>]): Promise<T> {
    const [options, work] = said.length === 1 ? ['', said[0]] : said;
    const place = await take();
    // one that rested may have been closed meanwhile, and connects again
    place.isBroken = false;
    try {
      const { answer } = await place.client.begin(options, async (sql) => {
        try {
          return { answer: await work(guarded(sql, place)) };
        } catch (error) {
          place.isBroken ||= isOfConnection(error);
          // the driver would send a rollback; it ends the transaction by itself as soon as the connection is closed
          if (place.isBroken) return new Promise<never>(() => undefined);
          throw error;
        }
      });
      return answer;
    } catch (error) {
      place.isBroken ||= isOfConnection(error);
      throw error;
    } finally {
      if (place.isBroken) replace(place);
      else giveBack(place);
    }
  }

  return {
    begin,
    /** Lets transactions under way end, so long; who still begins one is refused. */
    async close(timeoutSeconds: number): Promise<void> {
      isClosed = true;
      await Promise.all([...all].map(({ client }) => client.end({ timeout: timeoutSeconds })));
    },
  };
}

/** The statements of a transaction, which are refused from the moment its connection is known to be broken. */
function guarded(sql: Transaction, place: Place): Transaction {
  return new Proxy(sql, {
    apply(target, self, said) {
      if (place.isBroken) throw Object.assign(new Error('The connection to the database broke'), { code: 'CONNECTION_CLOSED' });
      return Reflect.apply(target, self, said) as unknown;
    },
  });
}

/** Whether a statement failed, itself or as a cause, because its connection did: the driver notes the query on what it throws. */
function isOfConnection(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('query' in cause && !(cause instanceof postgres.PostgresError) && 'code' in cause) {
      return /^(?:CONNECTION_|E[A-Z]+$)/.test(String(cause.code));
    }
  }
  return false;
}
