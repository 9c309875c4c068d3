/** A name in one piece and in two: some documents know the one, some the other. */
export interface NameParts {
  firstName: string;
  lastName: string;
}

/** `Jane van Dyck` → Jane, van Dyck. Only a guess: it serves until somebody says it themselves. */
export function splitName(name: string): NameParts {
  const [firstName = '', ...rest] = name.trim().split(/\s+/);
  return { firstName, lastName: rest.join(' ') };
}

/** Jane, van Dyck → `Jane van Dyck`. */
export function joinName({ firstName, lastName }: NameParts): string {
  return `${firstName.trim()} ${lastName.trim()}`.trim();
}

/** `jane.doe+x@example.com` → `Jane Doe`, for those who gave no name. */
export function nameOfEmail(email: string): string {
  const local = email.split('@', 1)[0]?.split('+', 1)[0] ?? '';
  const words = local.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || email;
}
