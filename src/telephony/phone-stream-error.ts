/** The bytes are not a stream of the kind they were said to be. */
export class PhoneStreamError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PhoneStreamError';
  }
}
