import { joinName, splitName } from '../person-name.ts';
import { looksAssigned } from '../phone-validity.ts';
import { toE164 } from '../phone.ts';
import { isZone } from '../time/zone.ts';
import type { ContactColumn, ContactLayout } from './columns.ts';
import { type LeadStatus, toLeadStatus } from './status.ts';
import { readTags } from './tags.ts';

/** One contact of a file. */
export interface ContactRow {
  /** E.164 */
  phone: string;
  name: string | null;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  timezone: string | null;
  status: LeadStatus;
  tags: readonly string[];
  customFields: Readonly<Record<string, string>> | undefined;
}

export interface ContactFault {
  field: ContactColumn | 'customFields';
  message: string;
  value: string;
}

/** Warnings do not stop a row. */
export type ContactVerdict = { ok: ContactRow; warnings: readonly ContactFault[] } | { error: ContactFault };

export const MAX_TEXT = { name: 200, email: 254, value: 5000 };
/** Good enough to tell an address from a note; whether it is one, only a letter tells. */
export const EMAIL = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]+$/;
const MAX_SHOWN = 100;
const NO_WARNINGS: readonly ContactFault[] = [];

/**
 * `toE164`; where `countryCodeIncluded` says that every number begins with its country code, also without the plus, which
 * spreadsheets drop from what they take for a number, or with `00` in its place. Nobody's country is guessed.
 */
export function phoneReader(countryCodeIncluded: boolean): (text: string) => string | undefined {
  if (!countryCodeIncluded) return toE164;
  return (text) => toE164(text) ?? toE164(`+${text.trim().replace(/^'?(?:00)?/, '')}`);
}

/** Judges one row. A number that is well-formed but not assigned, and an e-mail address that is none, are warnings. */
export function judgeContact(
  record: readonly string[],
  { at, extra }: ContactLayout,
  toPhone: (text: string) => string | undefined,
): ContactVerdict {
  const phoneText = cell(record, at.phone);
  const phone = toPhone(phoneText);
  if (phone === undefined) return fault('phone', phoneText, whyNoPhone(phoneText));
  const timezone = cell(record, at.timezone);
  if (timezone !== '' && !isZone(timezone)) return fault('timezone', timezone, 'timezone is not an IANA name such as Asia/Kolkata');
  const names = namesOf(record, at);
  if ((names.name ?? '').length > MAX_TEXT.name) return fault('name', names.name ?? '', `name is longer than ${MAX_TEXT.name} characters`);
  const emailText = cell(record, at.email);
  const email = emailText.length <= MAX_TEXT.email && EMAIL.test(emailText) ? emailText : null;
  const statusText = cell(record, at.status);
  const status = toLeadStatus(statusText);
  const fields = customFields(record, extra);
  if ('error' in fields) return fields;
  // a word of another system is no status of ours, and is kept all the same
  if (statusText !== '' && status === undefined) fields.ok = { ...fields.ok, status: statusText.slice(0, MAX_TEXT.value) };
  const isAssigned = looksAssigned(phone);
  return {
    ok: {
      ...names,
      phone,
      email,
      timezone: timezone === '' ? null : timezone,
      status: status ?? 'new',
      tags: at.tags === undefined ? [] : readTags(cell(record, at.tags)),
      customFields: fields.ok,
    },
    warnings: isAssigned && (email !== null || emailText === '') ? NO_WARNINGS : warningsOf(isAssigned, phoneText, email, emailText),
  };
}

function whyNoPhone(text: string): string {
  if (text === '') return 'phone is missing';
  const hint = /^'?[1-9][0-9]{9,14}$/.test(text) ? '; when only the plus is lost, upload with countryCodeIncluded=true' : '';
  return `Invalid phone number: E.164 is needed, such as +919876543210${hint}`;
}

function namesOf(record: readonly string[], at: ContactLayout['at']): Pick<ContactRow, 'name' | 'firstName' | 'lastName'> {
  const name = cell(record, at.name);
  const firstName = cell(record, at.firstName);
  const lastName = cell(record, at.lastName);
  const given = firstName !== '' || lastName !== '' ? { firstName, lastName } : splitName(name);
  return { name: name || joinName(given) || null, firstName: given.firstName || null, lastName: given.lastName || null };
}

function customFields(
  record: readonly string[],
  extra: ContactLayout['extra'],
): { ok: Record<string, string> | undefined } | { error: ContactFault } {
  let fields: Record<string, string> | undefined;
  for (const { name, at } of extra) {
    const value = cell(record, at);
    if (value === '') continue;
    if (value.length > MAX_TEXT.value) return fault('customFields', value, `${name} is longer than ${MAX_TEXT.value} characters`);
    // without a prototype: a column may be called __proto__
    fields ??= Object.create(null) as Record<string, string>;
    fields[name] = value;
  }
  return { ok: fields };
}

function warningsOf(isAssigned: boolean, phone: string, email: string | null, emailText: string): ContactFault[] {
  const warnings: ContactFault[] = [];
  if (!isAssigned) warnings.push({ field: 'phone', message: 'The number is well-formed but not assigned', value: short(phone) });
  if (email === null && emailText !== '')
    warnings.push({ field: 'email', message: 'Not an e-mail address: imported without it', value: short(emailText) });
  return warnings;
}

function cell(record: readonly string[], at: number | undefined): string {
  if (at === undefined) return '';
  const text = (record[at] ?? '').trim();
  // a quote after a blank is a character to the parser, and a quote to people
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;
}

function fault(field: ContactFault['field'], value: string, message: string): { error: ContactFault } {
  return { error: { field, message, value: short(value) } };
}

function short(value: string): string {
  return value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value;
}
