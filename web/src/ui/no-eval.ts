import { config } from 'zod';

// Zod tries whether it may compile its schemas, which the Content-Security-Policy refuses and reports each time.
config({ jitless: true });
