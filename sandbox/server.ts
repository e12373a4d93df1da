import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerControl } from './api/control.ts';
import { createCompany } from './company/company.ts';
import { createLookups, type Lookups } from './company/lookups.ts';
import { fixedUsers } from './company/users.ts';
import type { FaultSwitch } from './faults/fault-switch.ts';
import { sendOverLine } from './faults/line.ts';
import { createAnswerer } from './http/answer.ts';
import { newTransaction } from './http/headers.ts';
import { makeRequest } from './http/instance-request.ts';
import { errorReply } from './http/reply.ts';
import { createRequestLog, type RequestLog } from './http/request-log.ts';
import { sendReply } from './http/send-reply.ts';
import { createInstance, type Instance } from './instance.ts';
import { createRecords, type Records } from './records/records.ts';

/** Password of every sandbox user unless another one is given. It guards nothing but made-up data. */
export const defaultPassword = 'ringside-sandbox';
export const integrationUser = 'ringside.integration';

export interface SandboxOptions {
  /** 0: a free port. */
  port: number;
  /** Default 127.0.0.1. */
  host?: string;
  contacts: number;
  seed: number;
  /** As on the command line: `NAME[:ARG]`. */
  faults?: readonly string[];
  /** Password of the fixed users. */
  password?: string;
  /** More users who may call the API. */
  users?: readonly { userName: string; password: string }[];
  /** Ages of records count from here; default: when it starts. */
  now?: Date;
}

export interface Sandbox {
  /** `http://127.0.0.1:8080`, without a slash at the end. */
  url: string;
  instance: Instance;
  /** Known callers of the generated company. */
  lookups: Lookups;
  faults: FaultSwitch;
  /** Every request that was answered or is being answered. */
  requests: RequestLog;
  /** Ends every OAuth access token. */
  expireTokens(): void;
  /** Edits as somebody else in the company would make them, past the API. */
  records: Records;
  close(): Promise<void>;
}

const bodyAtMost = 20 * 1024 * 1024;

/** Starts a stand-in ServiceNow instance over HTTP. Throws a RangeError for a fault that does not exist. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const started = options.now ?? new Date();
  const company = createCompany({ seed: options.seed, contacts: options.contacts, now: started });
  const password = options.password ?? defaultPassword;
  const credentials = new Map(fixedUsers.map(({ userName }) => [userName, password]));
  for (const user of options.users ?? []) credentials.set(user.userName, user.password);
  const instance = createInstance({
    company,
    credentials,
    faults: options.faults ?? [],
    now: () => new Date(),
  });
  const records = createRecords(instance);
  for (const { userName } of options.users ?? []) {
    if (!instance.findUser(userName))
      records.insert('sys_user', {
        user_name: userName,
        first_name: userName,
        active: 'true',
        web_service_access_only: 'true',
      });
  }
  const answerer = createAnswerer(instance);
  const requests = createRequestLog();

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = message.url ?? '/';
    const body = await readBody(message);
    const request = makeRequest(
      message.method ?? 'GET',
      target,
      message.headers,
      body ?? Buffer.alloc(0),
      newTransaction(),
    );
    if (request.path.startsWith('/__sandbox')) {
      await sendReply(
        response,
        answerControl(
          { instance, requests, tokens: answerer.tokens },
          request,
          message.socket.remoteAddress ?? '',
        ),
        request.method,
      );
      return;
    }
    const entry = requests.begin(request);
    response.once('close', () =>
      requests.end(entry, response.headersSent ? response.statusCode : null),
    );
    if (instance.faults.happens('silence', request.path) !== null) return;
    const reply =
      body === null
        ? errorReply(413, 'Request entity too large', null)
        : await answerer.answer(request, entry.inFlight);
    const encodings = message.headers['accept-encoding']?.toString() ?? '';
    await sendOverLine(instance, response, reply, {
      method: request.method,
      path: request.path,
      encodings,
    });
  }

  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => {
      process.stderr.write(`sandbox: ${error instanceof Error ? error.stack : String(error)}\n`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 20_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host ?? '127.0.0.1', resolve);
  });
  const { address, port, family } = server.address() as AddressInfo;
  const host =
    address === '::' || address === '0.0.0.0'
      ? '127.0.0.1'
      : family === 'IPv6'
        ? `[${address}]`
        : address;
  instance.baseUrl = `http://${host}:${port}`;

  return {
    url: instance.baseUrl,
    instance,
    lookups: createLookups(company),
    faults: instance.faults,
    requests,
    expireTokens: () => answerer.tokens.expire(),
    records,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Null when it is too large. */
async function readBody(message: IncomingMessage): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of message) {
    length += (piece as Buffer).length;
    if (length <= bodyAtMost) pieces.push(piece as Buffer);
  }
  return length > bodyAtMost ? null : Buffer.concat(pieces);
}
