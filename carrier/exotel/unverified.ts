/**
 * What this adapter believes of Exotel without a document of theirs that says so: seen in other people's clients, or the likeliest
 * reading. Nothing of it was tried against a live account. When one of these turns out otherwise, it is mended here and nowhere else.
 */
import { maskPhone } from '../../core/mask.ts';
import { maskPhones, toE164 } from '../../core/phone.ts';
import type { Rejection } from '../port.ts';
import { type Fields, inner } from './fields.ts';

/** Exotel writes times without a zone; the company is Indian, and its constant `1970-01-01 05:30:00` is the epoch in its zone. */
const ZONE_OFFSET = '+05:30';
const ZONE_OFFSET_MS = 5.5 * 60 * 60_000;
const MOMENT = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)$/;

/** `YYYY-MM-DD HH:mm:ss` of Exotel's clock; undefined for anything else, and for its constant. */
export function momentOf(text: string | undefined): Date | undefined {
  const [, day, time] = MOMENT.exec(text ?? '') ?? [];
  const moment = new Date(`${day}T${time}${ZONE_OFFSET}`);
  return Number.isNaN(moment.getTime()) || moment.getTime() === 0 ? undefined : moment;
}

/** A moment as Exotel's filters take it. */
export function wordOf(moment: Date): string {
  return new Date(moment.getTime() + ZONE_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Numbers come back as E.164, or as Indians dial them: with a 0 before the ten digits, or without a plus. */
export function numberOf(text: string | undefined): string | undefined {
  const digits = (text ?? '').replace(/[^\d+]/g, '');
  if (/^0\d{10}$/.test(digits)) return toE164(`+91${digits.slice(1)}`);
  if (/^[1-9]\d{9}$/.test(digits)) return toE164(`+91${digits}`);
  return toE164(digits.startsWith('+') ? digits : `+${digits}`);
}

/** Digits that may be a number in any of these forms; longer ones, and those among letters, are ids. */
const NUMBER_WITHIN = /(?<!\w)\d{10,15}(?!\w)/g;

/** A text of Exotel's without the numbers in it, in whatever form. */
export function maskNumbers(text: string): string {
  return maskPhones(text).replace(NUMBER_WITHIN, (digits) => maskPhone(numberOf(digits) ?? digits));
}

/**
 * How long somebody was talked with. A call to a flow has one leg, of which clients read `Legs[0][OnCallDuration]`; with two
 * numbers it is `ConversationDuration`. Details have both below `Details`. Undefined: nothing says so yet.
 */
export function durationOf(fields: Fields): number | undefined {
  const names = ['Duration', 'Legs[0][OnCallDuration]', 'Details[Legs][0][Leg][OnCallDuration]', 'ConversationDuration'];
  const seconds = names.map((name) => fields.get(name)).find((text) => text !== undefined && /^\d{1,6}(\.\d+)?$/.test(text));
  return seconds === undefined ? undefined : Math.round(Number(seconds));
}

/** A list's next page: a path in `Metadata.NextPageUri`; an address of another host must not get our credentials. */
export function nextPageOf(body: unknown): string | undefined {
  const next = inner(inner(body, 'Metadata'), 'NextPageUri');
  return typeof next === 'string' && /^\/(?!\/)/.test(next) ? next : undefined;
}

/** What a 400 or 403 says in words only: no such number, or one that India's register of preferences forbids. */
export function rejectionIn(message: string): Rejection | undefined {
  if (/\b(NDNC|DND|TRAI)\b/i.test(message)) return 'blocked';
  return /invalid.{0,40}\b(from|number)\b|\b(from|number)\b.{0,40}(not valid|invalid)/i.test(message) ? 'invalid_number' : undefined;
}

/** Recordings at Exotel's own hosts ask for the account's credentials; addresses that are signed, or elsewhere, must not see them. */
export function asksForCredentials(url: URL, baseUrl: string): boolean {
  return url.origin === new URL(baseUrl).origin || (url.protocol === 'https:' && /(^|\.)exotel\.(com|in)$/.test(url.hostname));
}

/** Older pages let a phone ring for a minute at most. */
export const LONGEST_RING_SECONDS = 60;

/** So long an applet waits for its answer; then the flow goes on without words. No document says how long. */
export const APPLET_PATIENCE_MS = 5000;
