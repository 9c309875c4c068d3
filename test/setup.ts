/** tap runs this before the first test file: one PostgreSQL for all of them. Its parent, tap, is the run. */
import { joinServer } from './postgres-server.ts';

if (!process.env.TEST_DATABASE_URL) await joinServer(process.ppid);
