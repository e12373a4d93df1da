/** Whether this page stands in a frame, as inside ServiceNow: its cookies are made differently there. */
export const framed = window.self !== window.top;
