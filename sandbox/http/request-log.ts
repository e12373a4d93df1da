import type { InstanceRequest } from './instance-request.ts';

/** What a test may want to know of a request afterwards. */
export interface LoggedRequest {
  at: Date;
  method: string;
  path: string;
  /** Path with its query, as received. */
  target: string;
  parameters: Record<string, string>;
  /** Whether a cookie was sent along. */
  cookie: boolean;
  authorization: 'basic' | 'bearer' | 'api-key' | null;
  /** Null while it is under way, or when the client went away before an answer. */
  status: number | null;
  /** Requests under way when this one came, itself included. */
  inFlight: number;
}

export interface RequestLog {
  /** The newest last; the last 20,000 are kept. */
  list(): readonly LoggedRequest[];
  inFlight(): number;
  clear(): void;
  begin(request: InstanceRequest): LoggedRequest;
  end(entry: LoggedRequest, status: number | null): void;
}

const keptAtMost = 20_000;

export function createRequestLog(): RequestLog {
  let entries: LoggedRequest[] = [];
  let inFlight = 0;
  return {
    list: () => entries,
    inFlight: () => inFlight,
    clear() {
      entries = [];
    },
    begin({ method, path, target, parameters, headers }) {
      inFlight++;
      const scheme = headers.authorization?.split(' ')[0]?.toLowerCase();
      const authorization =
        scheme === 'basic' || scheme === 'bearer'
          ? scheme
          : headers['x-sn-apikey'] === undefined
            ? null
            : 'api-key';
      const entry: LoggedRequest = {
        at: new Date(),
        method,
        path,
        target,
        parameters: Object.fromEntries(parameters),
        cookie: headers.cookie !== undefined,
        authorization,
        status: null,
        inFlight,
      };
      entries.push(entry);
      if (entries.length > keptAtMost * 2) entries = entries.slice(-keptAtMost);
      return entry;
    },
    end(entry, status) {
      inFlight--;
      entry.status = status;
    },
  };
}
