import { describe, expect, test } from 'vitest';
import { RingsideError } from '../../platform/errors.ts';
import { createEslParser, fieldOf } from './esl-parser.ts';

function parse(text: string, size = 10_000) {
  const parser = createEslParser();
  const bytes = Buffer.from(text);
  const events = [];
  for (let at = 0; at < bytes.length; at += size)
    events.push(...parser.push(bytes.subarray(at, at + size)));
  parser.end();
  return events;
}

const message = (type: string, body: string) =>
  `Content-Length: ${Buffer.byteLength(body)}\nContent-Type: ${type}\n\n${body}`;
const event = (...lines: string[]) => message('text/event-plain', `${lines.join('\n')}\n\n`);

describe('the Event Socket', () => {
  const job = message(
    'text/event-plain',
    'Event-Name: BACKGROUND_JOB\nContent-Length: 15\n\n-ERR NO_ANSWER\n',
  );
  const text = `Content-Type: auth/request\n\n${message('command/reply', '+OK')}${event('Event-Name: A', 'Name: J%C3%BCrgen', 'Number: %2B1202', 'Raw: Größe 100%')}${job}${event('Event-Name: B')}`;

  test.each([10_000, 1, 7])('in chunks of %i bytes', (size) => {
    const [a, b, c, ...others] = parse(text, size);
    expect(others).toEqual([]);
    expect(
      a && ['Event-Name', 'Name', 'Number', 'Raw', 'None'].map((name) => fieldOf(a, name)),
    ).toEqual(['A', 'Jürgen', '+1202', 'Größe 100%', '']);
    expect([b && fieldOf(b, 'Event-Name'), b?.body]).toEqual([
      'BACKGROUND_JOB',
      '-ERR NO_ANSWER\n',
    ]);
    expect(c && fieldOf(c, 'Event-Name')).toBe('B');
  });

  test('a Content-Length that is no length is passed over', () => {
    for (const length of ['-5', 'many', '1e3.5', '']) {
      expect(
        parse(
          `Content-Length: ${length}\nContent-Type: text/event-plain\n\n${event('Event-Name: A')}`,
        ),
      ).toHaveLength(1);
    }
  });

  test('a message that was cut off is dropped', () => {
    expect(parse(`${event('Event-Name: A')}${event('Event-Name: B').slice(0, -3)}`)).toHaveLength(
      1,
    );
  });
});

describe('what is no Event Socket is refused', () => {
  test.each([
    ['nothing', ''],
    ['the other kind', 'Asterisk Call Manager/11.0.0\r\nEvent: A\r\n\r\n'],
    ['HTTP', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['JSON', '{"a":1}\n\n'],
    ['one endless line', 'x'.repeat(200_000)],
  ])('%s', (_name, text) => {
    expect(() => parse(text)).toThrow(RingsideError);
  });
});
