import { limitOutbound, loopback } from '../../src/platform/outbound.ts';

/** Files share a process: what one allowed of outbound calls, as a hub does at its start, does not reach those after it. */
limitOutbound({ allowed: loopback, phoneNetworks: [] });
