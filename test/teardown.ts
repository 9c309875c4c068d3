/** tap runs this after the last test file. */
import { leaveServer } from './postgres-server.ts';

if (!process.env.TEST_DATABASE_URL) await leaveServer(process.ppid);
