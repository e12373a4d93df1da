/** Of better-auth's own paths, which nobody reaches from outside: src/http/ mounts routes of our own alone. */
export const enterPath = '/single-sign-on/enter';
