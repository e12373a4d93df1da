import { z } from 'zod';
import { createHttpClient } from '../../platform/http-client.ts';
import { cleanText } from '../../platform/text.ts';
import { LinkError } from '../link-error.ts';
import { jsonOf, throughHttp } from './answer.ts';
import type { ThreecxSettings } from './settings.ts';
import { tokenManager } from './token.ts';

/*
 * The Call Control API of 3CX v20, as its public description and examples have it. Never tried against a live 3CX.
 */

const text = (max: number) =>
  z
    .union([z.string(), z.number()])
    .nullish()
    .transform((raw) => cleanText(String(raw ?? ''), max));

const participant = z.object({
  id: z.union([z.number(), z.string()]).transform(String),
  status: text(32),
  dn: text(32),
  party_dn: text(32),
  party_dn_type: text(32),
  party_caller_id: text(256),
  party_did: text(64),
  originated_by_dn: text(32),
  referred_by_dn: text(32),
  on_behalf_of_dn: text(32),
  on_behalf_of_dn_type: text(32),
  callid: text(64),
  legid: text(64),
});
/** One DN's part in a call. */
export type Participant = z.output<typeof participant>;

const watched = z.object({
  dn: text(32),
  type: text(32),
  participants: z.array(participant).nullish(),
});
/** An extension, queue or route point that the API client may watch. */
export type WatchedDn = z.output<typeof watched>;

const makeCallAnswer = z.object({
  reason: text(200).optional(),
  reasontext: text(200).optional(),
  result: z.object({ callid: text(64) }).nullish(),
});

export interface CallControl {
  /** All that is watched, with what is up. Throws LinkError. */
  state(): Promise<WatchedDn[]>;
  /** Null when it is gone already. Throws LinkError. */
  participant(dn: string, id: string): Promise<Participant | null>;
  /** Lets the phones of a DN ring and dials. `callid` '' when 3CX does not say. */
  makeCall(
    dn: string,
    destination: string,
  ): Promise<{ ok: boolean; callid: string; reason: string }>;
  /** For the websocket. */
  token(refused?: string): Promise<string>;
  close(): Promise<void>;
}

const readAtMost = 8 * 1024 * 1024;

export function createCallControl(settings: ThreecxSettings, timeoutMs = 8_000): CallControl {
  const http = createHttpClient({
    ...{ timeoutMs, maxBytes: readAtMost, connections: 2 },
    purpose: 'phone-web',
  });
  const tokens = tokenManager(settings);

  /** Signed in; a refused token is renewed once. */
  async function ask(path: string, body?: object) {
    const url = `${settings.url}/callcontrol${path}`;
    const send = (token: string) =>
      throughHttp(settings.url, () =>
        http.request({
          method: body ? 'POST' : 'GET',
          url,
          headers: {
            authorization: `Bearer ${token}`,
            ...(body ? { 'content-type': 'application/json' } : {}),
          },
          ...(body ? { body: JSON.stringify(body) } : {}),
        }),
      );
    const token = await tokens.token(http);
    const answer = await send(token);
    const last = answer.status === 401 ? await send(await tokens.token(http, token)) : answer;
    if (last.status === 401 || last.status === 403) throw notAllowed(settings);
    return last;
  }

  return {
    async state() {
      const { status, text: body } = await ask('');
      const answer = z.array(watched).max(100_000).safeParse(jsonOf(body));
      if (status !== 200 || !answer.success) throw unreadable(status);
      return answer.data;
    },
    async participant(dn, id) {
      const path = `/${encodeURIComponent(dn)}/participants/${encodeURIComponent(id)}`;
      const { status, text: body } = await ask(path);
      if (status === 404) return null;
      const answer = participant.safeParse(jsonOf(body));
      if (status !== 200 || !answer.success) throw unreadable(status);
      return answer.data;
    },
    async makeCall(dn, destination) {
      const { status, text: body } = await ask(`/${encodeURIComponent(dn)}/makecall`, {
        destination,
        timeout: 30,
      });
      const said = makeCallAnswer.safeParse(jsonOf(body)).data;
      const ok = status >= 200 && status < 300;
      const reason = said?.reasontext || said?.reason || `status ${status}`;
      return { ok, callid: said?.result?.callid ?? '', reason };
    },
    token: (refused) => tokens.token(http, refused),
    close: () => http.close(),
  };
}

function notAllowed({ clientId }: ThreecxSettings): LinkError {
  return new LinkError(
    'unauthorized',
    `The API client '${clientId}' may not use Call Control.`,
    "Tick 'Call Control Access' for it under Integrations > API; the licence must include it.",
  );
}

function unreadable(status: number): LinkError {
  return new LinkError(
    'protocol-error',
    `3CX does not tell its calls as expected (status ${status}).`,
    'Check that it is a 3CX v20 with Call Control; it is tried again by itself.',
  );
}
