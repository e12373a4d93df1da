/** A phone system that speaks the generic CTI format, as far as a test needs one. */
export interface TestPhone {
  ring(call: {
    callId: string;
    from: string;
    users: string[];
    to?: string;
    queue?: string;
  }): Promise<void>;
  answer(callId: string, user: string): Promise<void>;
  hangUp(callId: string, cause?: string): Promise<void>;
}

export function phoneAt(hookUrl: string): TestPhone {
  const post = async (body: Record<string, unknown>) => {
    const response = await fetch(hookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok)
      throw new Error(`The hook answered ${response.status}: ${await response.text()}`);
  };
  return {
    ring: ({ callId, from, users, to = '+49301234500', queue }) =>
      post({ event: 'newCall', direction: 'in', callId, from, to, user: users, queue }),
    answer: (callId, user) => post({ event: 'answer', callId, user, answeringNumber: user }),
    hangUp: (callId, cause = 'normalClearing') => post({ event: 'hangup', callId, cause }),
  };
}
