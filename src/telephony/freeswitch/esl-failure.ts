import { LinkError } from '../link-error.ts';

/* What can go wrong on the Event Socket, in words for an administrator. */

export function silent(where: string): LinkError {
  return new LinkError(
    'timeout',
    `${where} does not answer as an Event Socket.`,
    'Check host and port (usually 8021), and that firewalls let this machine through.',
  );
}

export function frozen(deadline: number): LinkError {
  return new LinkError(
    'timeout',
    `FreeSWITCH gave no answer for ${deadline / 1000} seconds.`,
    'It is tried again by itself. Check that the phone system is not overloaded and that no firewall drops idle connections.',
  );
}

export function tooMany(): LinkError {
  return new LinkError('failed', 'Too many commands are open at the phone system.', 'Try again.');
}

export function unwelcome(): LinkError {
  return new LinkError(
    'unauthorized',
    'FreeSWITCH does not let this machine in.',
    "Allow its address in the list that 'apply-inbound-acl' in event_socket.conf.xml names.",
  );
}

export function dismissed(): LinkError {
  return new LinkError(
    'closed',
    'FreeSWITCH ended the connection.',
    'It is tried again by itself. When it does not come back, check that FreeSWITCH runs.',
  );
}

export function notEsl(detail: string): LinkError {
  return new LinkError(
    'wrong-protocol',
    detail,
    'Check the port: it is listen-port in event_socket.conf.xml, usually 8021.',
  );
}

export function garbled(): LinkError {
  return new LinkError(
    'protocol-error',
    'What FreeSWITCH sends cannot be read: a message is longer or shorter than it says.',
    'Check that host and port lead to the Event Socket itself and not through something that changes the bytes.',
  );
}

export function endless(): LinkError {
  return new LinkError(
    'too-large',
    'FreeSWITCH sent a message without an end.',
    'Check that host and port lead to the Event Socket.',
  );
}
