import { createHash, randomBytes } from "node:crypto";

const SECRET_BYTES = 32;

/** What nobody guesses: 256 random bits as 43 characters that go into an address, a cookie and a header. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** The form in which a secret of `newSecret` is kept. Random enough to need no salt and no slow hash. */
export function secretHash(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
