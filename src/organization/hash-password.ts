/** A password as better-auth checks it (scrypt). Loaded with the first one: no start of the hub waits for it. */
export async function hashPassword(password: string): Promise<string> {
  const { hashPassword: hash } = await import('better-auth/crypto');
  return hash(password);
}
