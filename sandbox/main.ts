import { existsSync } from 'node:fs';
import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import pino from 'pino';
import { type Config, ConfigError, parseConfig } from '../core/config.ts';
import { startSandbox } from './index.ts';

// as the other processes do it, from a floor that may import core alone: the real environment wins
if (existsSync('.env')) process.loadEnvFile();
const config = readConfig();
const log = pino({ name: 'sandbox', level: config.LOG_LEVEL });
const sandbox = await startSandbox({
  port: config.SANDBOX_PORT,
  speed: config.SANDBOX_SPEED,
  accountSid: config.TWILIO_ACCOUNT_SID,
  authToken: config.TWILIO_AUTH_TOKEN,
  millisApiKey: config.MILLIS_API_KEY,
  exotel: {
    accountSid: config.EXOTEL_ACCOUNT_SID,
    apiKey: config.EXOTEL_API_KEY,
    apiToken: config.EXOTEL_API_TOKEN,
    flow: { url: `${config.PUBLIC_URL}/carrier/exotel`, secret: config.EXOTEL_WEBHOOK_SECRET },
  },
  log,
  ringLogFile: join(config.DATA_DIR, 'sandbox-rings.jsonl'),
});

function readConfig(): Config {
  try {
    return parseConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

closeWithGrace({ delay: 5000 }, async ({ err, signal }) => {
  if (err) log.error({ err }, 'the sandbox carrier fails');
  else log.info({ signal }, 'the sandbox carrier closes');
  await sandbox.close();
});
