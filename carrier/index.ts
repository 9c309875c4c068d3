import type { Config } from '../core/config.ts';
import type { Directory } from './directory.ts';
import { openExotel } from './exotel/index.ts';
import { openMillisDirectory } from './millis/directory.ts';
import type { MillisOptions } from './millis/http.ts';
import { openMillis } from './millis/index.ts';
import { openNull } from './null.ts';
import type { Carrier } from './port.ts';
import { openTwilio } from './twilio/index.ts';

export type CarrierConfig = Pick<
  Config,
  | 'CARRIER'
  | 'TWILIO_BASE_URL'
  | 'TWILIO_ACCOUNT_SID'
  | 'TWILIO_AUTH_TOKEN'
  | 'EXOTEL_BASE_URL'
  | 'EXOTEL_ACCOUNT_SID'
  | 'EXOTEL_API_KEY'
  | 'EXOTEL_API_TOKEN'
  | 'EXOTEL_APP_ID'
  | 'EXOTEL_WEBHOOK_SECRET'
  | 'MILLIS_BASE_URL'
  | 'MILLIS_API_KEY'
  | 'MILLIS_WEBHOOK_SECRET'
  | 'MILLIS_PHONE_IMPORT'
  | 'PUBLIC_URL'
  | 'CARRIER_TIMEOUT_MS'
>;

/** The carrier that the configuration names. It holds nothing open, so it has no closer. */
export function openCarrier(config: CarrierConfig): Carrier {
  switch (config.CARRIER) {
    case 'null':
      return openNull();
    case 'exotel':
      return openExotel({
        baseUrl: config.EXOTEL_BASE_URL,
        accountSid: config.EXOTEL_ACCOUNT_SID,
        apiKey: config.EXOTEL_API_KEY,
        apiToken: config.EXOTEL_API_TOKEN,
        appId: config.EXOTEL_APP_ID,
        webhookSecret: config.EXOTEL_WEBHOOK_SECRET,
        publicUrl: config.PUBLIC_URL,
        timeoutMs: config.CARRIER_TIMEOUT_MS,
      });
    case 'millis':
      return openMillis(millisOptions(config));
    case 'twilio':
      return openTwilio({
        baseUrl: config.TWILIO_BASE_URL,
        accountSid: config.TWILIO_ACCOUNT_SID,
        authToken: config.TWILIO_AUTH_TOKEN,
        publicUrl: config.PUBLIC_URL,
        timeoutMs: config.CARRIER_TIMEOUT_MS,
      });
  }
}

/** The administrator's side of Millis, whoever dials; undefined without a key for it. It holds nothing open. */
export function openDirectory(config: CarrierConfig): Directory | undefined {
  return config.MILLIS_API_KEY === '' ? undefined : openMillisDirectory(millisOptions(config));
}

function millisOptions(config: CarrierConfig): MillisOptions {
  return {
    baseUrl: config.MILLIS_BASE_URL,
    apiKey: config.MILLIS_API_KEY,
    webhookSecret: config.MILLIS_WEBHOOK_SECRET,
    publicUrl: config.PUBLIC_URL,
    timeoutMs: config.CARRIER_TIMEOUT_MS,
    phoneImport: config.MILLIS_PHONE_IMPORT,
  };
}
