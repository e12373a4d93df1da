import type { ParsedSettings, SettingField, Settings } from '../platform/setting-field.ts';
import type { LinkError } from './link-error.ts';

/**
 * What any phone system must tell us. An adapter turns its own protocol into these facts; `calls/` folds them into Calls.
 * Facts may arrive twice, late or in any order: each says what is true, never 'what comes next'.
 */

/**
 * Why a leg or a call ended, whatever the phone system calls it. `cancelled` on a call means that the caller gave up before anybody
 * answered; `unknown` means that nobody saw the end.
 */
export type EndCause =
  | 'normal'
  | 'busy'
  | 'declined'
  | 'no-answer'
  | 'cancelled'
  | 'answered-elsewhere'
  | 'not-found'
  | 'congestion'
  | 'forwarded'
  | 'unknown';

export type Direction = 'inbound' | 'outbound' | 'internal';

/** `redirect`: the phone system was told from outside to send an answered call elsewhere. */
export type TransferKind = 'blind' | 'attended' | 'pickup' | 'park' | 'redirect';

interface EventBase {
  /** The phone system's own id of the conversation. */
  call: string;
  /** When it happened, by the phone system's clock where it tells, else when we received it. */
  at: Date;
  /** The Systems Check tells it of a call that it places as a test, and this is the test's id. No phone system tells such a thing. */
  test?: string;
}

/**
 * A fact about one call. A leg is one phone's part in it; `leg` is unique within the call. A leg without an extension is an
 * outside line. Sources that only tell who has the call, not what each phone does (webhooks), use the extension as `leg` and
 * `call-answered` instead of `leg-answered`.
 */
export type CallEvent =
  | (EventBase & {
      type: 'call-started';
      direction: Direction;
      /** As received: a number in any notation, `anonymous`, '' … Hostile text. Null: not known yet. */
      from: string | null;
      to: string | null;
      queue: string | null;
    })
  /** The phone placed the call, or took it by its own action (pickup, fetched from a parking slot): it was not rung. */
  | (EventBase & { type: 'leg-placed'; leg: string; extension: string | null })
  | (EventBase & { type: 'leg-ringing'; leg: string; extension: string | null })
  | (EventBase & { type: 'leg-answered'; leg: string; extension: string | null })
  /** Both sides talk, and this extension has the call; every other phone has lost it. Null: the source does not say who. */
  | (EventBase & { type: 'call-answered'; extension: string | null })
  | (EventBase & { type: 'leg-held'; leg: string })
  | (EventBase & { type: 'leg-unheld'; leg: string })
  | (EventBase & { type: 'leg-ended'; leg: string; cause: EndCause })
  | (EventBase & { type: 'queue-joined'; queue: string })
  /**
   * `transfer` is the source's id of this transfer: told again with more (who fetched the parked call), it is the same one.
   * `from` and `to` are extensions, or a number where the target is outside.
   */
  | (EventBase & {
      type: 'transferred';
      transfer: string;
      kind: TransferKind;
      from: string | null;
      to: string | null;
    })
  /** `file` is the phone system's own name of the recording. */
  | (EventBase & { type: 'recorded'; file: string })
  /** What looked like a call of its own is part of the call `into`: a consultation, a pickup, a fetch from parking. */
  | (EventBase & { type: 'call-merged'; into: string })
  | (EventBase & { type: 'call-ended'; cause: EndCause });

/** After a gap: these calls are up and no other. What else was up before ended unseen. */
export interface Snapshot {
  type: 'snapshot';
  at: Date;
  calls: string[];
}

export type PhoneEvent = CallEvent | Snapshot;

/** What a kind of phone system can do for us; a method that is missing is a thing it cannot do. */
export interface PhoneSystemKind {
  kind: string;
  title: string;
  /** Reads one posted event. Throws RingsideError `unauthenticated` or `invalid-input`. */
  readHook?(request: HookRequest): CallEvent[];
  /** What the sender of an event that was taken wants to read; missing: nothing. */
  replyHook?(request: HookRequest): HookReply;
  /** What posted events are verified with and somebody must type; missing: nothing. */
  hookSecret?: HookSecret;
  /** Begins to read an event stream; nothing of one stream carries over to another. */
  readStream?(options: StreamOptions): PhoneStream;
  /** A file for the phone system that makes it ask us who calls and post its calls to our hook. */
  callerTemplate?(addresses: { lookupUrl: string; reportUrl: string }): CallerTemplate;
  /** How Ringside connects to it by itself. */
  link?: LinkKind;
}

/** A kind of phone system that Ringside connects to: its form, its link and its test. */
export interface LinkKind {
  fields: SettingField[];
  /** Paragraphs of help at the top of the form. */
  guide: string[];
  /** Settings that say where secrets are sent: when one changes, the secrets must be typed again. */
  target: string[];
  /** Checks and mends what was typed; `storedSecrets` need not be typed again. */
  parseSettings(input: Record<string, unknown>, storedSecrets: readonly string[]): ParsedSettings;
  /** Connects, stays connected and tells the sink. Never throws. */
  open(settings: Settings, secrets: Settings, sink: LinkSink): PhoneLink;
  /** Walks a connection once: connect, sign in, rights, extensions seen, heartbeat. */
  test(
    settings: Settings,
    secrets: Settings,
    signal: AbortSignal,
  ): AsyncGenerator<LinkStep, void, void>;
}

/** Who is told what a link brings. Its promises are waited for: a link reads no faster than its sink takes. */
export interface LinkSink {
  /** `count`: how many of the phone system's own events these facts came from. */
  events(events: PhoneEvent[], count: number): Promise<void>;
  up(found: LinkFound): Promise<void>;
  down(reason: LinkError): Promise<void>;
}

export interface LinkFound {
  /** The extensions that the phone system knows. */
  extensions: string[];
  /** What will not work, in whole sentences. */
  warnings: string[];
}

/** A link that is kept until it is closed. */
export interface PhoneLink {
  /** Rings the phone of `extension` and, once it is lifted, dials. Resolves when it was lifted or failed. */
  originate?(order: OriginateOrder): Promise<OriginateOutcome>;
  close(): Promise<void>;
}

export interface OriginateOrder {
  extension: string;
  /** Dialled as it stands; must be `^\+?[0-9*#]{1,32}$`. */
  number: string;
}

/** `call`: the phone system's id of the call. `message` and `fix` are for the agent. */
export type OriginateOutcome =
  | { ok: true; call: string }
  | { ok: false; message: string; fix: string };

export interface LinkStep {
  id: 'connect' | 'signed-in' | 'rights' | 'extensions' | 'heartbeat';
  title: string;
  status: 'pass' | 'warn' | 'fail' | 'skip';
  detail: string;
  /** What to do about it; null when nothing is to be done. */
  fix: string | null;
  /** Milliseconds. */
  ms: number;
}

export interface HookRequest {
  /** The address that was posted to, as its sender knows it, with the query and byte for byte. */
  url: string;
  rawBody: Buffer;
  /** Lower-case names, as Node gives them. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The secret that events must be signed with; null: they need not be. */
  secret: string | null;
  receivedAt: Date;
}

export interface HookReply {
  contentType: string;
  body: string;
}

/** A file to be given to the phone system. */
export interface CallerTemplate extends HookReply {
  fileName: string;
}

/** The form's field for the secret of a hook. */
export interface HookSecret {
  title: string;
  help: string;
  /** Without it no event is taken. */
  required: boolean;
}

export interface StreamOptions {
  /** Names of the outside lines as the phone system writes them in its channels. */
  trunks: readonly string[];
}

/** A stream of bytes being turned into facts. Both methods throw `invalid-input` when the bytes are no such stream. */
export interface PhoneStream {
  /** Takes the next bytes, cut anywhere. `receivedAt` counts where the stream itself tells no time. */
  push(chunk: Buffer, receivedAt: Date): PhoneEvent[];
  /** The stream is over: what can be said only now. */
  end(): PhoneEvent[];
}
