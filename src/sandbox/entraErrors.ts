import { randomUUID } from 'node:crypto';
import type { SandboxAnswer } from './http.ts';

interface KnownError {
  /** `error` of an authorize answer. */
  authorize: string;
  /** `error` and `suberror` of a token answer. */
  token: string;
  suberror?: string;
  text: string;
}

/**
 * The AADSTS numbers the stand-in can answer with
 * (Microsoft identity platform: "Microsoft Entra authentication and authorization error codes").
 */
const KNOWN: Record<number, KnownError> = {
  50011: {
    authorize: 'invalid_request',
    token: 'invalid_request',
    text: 'The redirect URI specified in the request does not match the redirect URIs configured for the application.',
  },
  50034: { authorize: 'invalid_request', token: 'invalid_grant', text: 'The user account does not exist.' },
  50076: {
    authorize: 'interaction_required',
    token: 'interaction_required',
    suberror: 'basic_action',
    text: 'Due to a configuration change made by your administrator, you must use multi-factor authentication.',
  },
  50126: {
    authorize: 'invalid_grant',
    token: 'invalid_grant',
    text: 'Error validating credentials due to invalid username or password.',
  },
  50173: {
    authorize: 'invalid_grant',
    token: 'invalid_grant',
    suberror: 'bad_token',
    text: 'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
  },
  53003: {
    authorize: 'access_denied',
    token: 'invalid_grant',
    suberror: 'message_only',
    text: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  },
  54005: {
    authorize: 'invalid_grant',
    token: 'invalid_grant',
    text: 'OAuth2 Authorization code was already redeemed, please retry with a new valid code.',
  },
  65001: {
    authorize: 'consent_required',
    token: 'invalid_grant',
    suberror: 'consent_required',
    text: 'The user or administrator has not consented to use the application. Send an interactive authorization request.',
  },
  65004: { authorize: 'access_denied', token: 'invalid_grant', text: 'User declined to consent to access the app.' },
  70000: {
    authorize: 'invalid_grant',
    token: 'invalid_grant',
    text: 'Provided grant is invalid or malformed.',
  },
  70008: {
    authorize: 'invalid_grant',
    token: 'invalid_grant',
    text: 'The provided authorization code or refresh token has expired due to inactivity.',
  },
  70016: {
    authorize: 'authorization_pending',
    token: 'authorization_pending',
    text: 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  },
  70019: { authorize: 'expired_token', token: 'expired_token', text: 'Verification code expired.' },
  70018: {
    authorize: 'bad_verification_code',
    token: 'bad_verification_code',
    text: 'Invalid verification code due to user typing in wrong user code for device code flow.',
  },
  90019: { authorize: 'slow_down', token: 'slow_down', text: 'Polling too often. Slow down.' },
  90094: {
    authorize: 'access_denied',
    token: 'invalid_grant',
    suberror: 'consent_required',
    text: 'Admin consent is required for the permissions requested by this application.',
  },
  501481: {
    authorize: 'invalid_grant',
    token: 'invalid_grant',
    text: 'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  },
  700016: {
    authorize: 'unauthorized_client',
    token: 'unauthorized_client',
    text: 'Application with this identifier was not found in the directory.',
  },
  700082: {
    authorize: 'invalid_grant',
    token: 'invalid_grant',
    suberror: 'bad_token',
    text: 'The refresh token has expired due to inactivity.',
  },
  90002: {
    authorize: 'invalid_request',
    token: 'invalid_request',
    text: 'Tenant not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.',
  },
  1002012: {
    authorize: 'invalid_scope',
    token: 'invalid_scope',
    text: 'The provided value for scope is not valid. Client credential flows must have a scope value with /.default.',
  },
  7000215: {
    authorize: 'unauthorized_client',
    token: 'invalid_client',
    text: 'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value.',
  },
  7000222: {
    authorize: 'unauthorized_client',
    token: 'invalid_client',
    text: 'The provided client secret keys are expired.',
  },
  900144: {
    authorize: 'invalid_request',
    token: 'invalid_request',
    text: 'The request body must contain a required parameter that is missing.',
  },
  9002325: {
    authorize: 'invalid_request',
    token: 'invalid_request',
    text: 'Proof Key for Code Exchange is required for cross-origin authorization code redemption.',
  },
};

function known(number: number): KnownError {
  const entry = KNOWN[number];
  if (!entry) throw new Error(`the sandbox knows no AADSTS${number}`);
  return entry;
}

/** Error fields of an authorize answer (sent by form_post or in the query). */
export function authorizeError(number: number): Record<string, string> {
  const entry = known(number);
  return {
    error: entry.authorize,
    error_description: `AADSTS${number}: ${entry.text} Trace ID: ${randomUUID()}`,
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    ...(number === 65004 ? { error_subcode: 'cancel' } : {}),
  };
}

/** A token endpoint's refusal in Entra's shape: 401 for what is wrong with the client itself, else 400. `claims` is the JSON of what must be satisfied. */
export function tokenError(number: number, now: number, claims?: string): SandboxAnswer {
  const entry = known(number);
  const trace = randomUUID();
  const correlation = randomUUID();
  const timestamp = new Date(now).toISOString().replace('T', ' ').replace(/\..*/, 'Z');
  return {
    status: entry.token === 'invalid_client' ? 401 : 400,
    body: {
      error: entry.token,
      error_description: `AADSTS${number}: ${entry.text} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [number],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${number}`,
      ...(entry.suberror === undefined ? {} : { suberror: entry.suberror }),
      ...(claims === undefined ? {} : { claims }),
    },
  };
}
