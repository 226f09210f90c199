import type { SandboxAnswer } from './http.ts';

/** `/{tenant}/v2.0/.well-known/openid-configuration` of a sign-in service at `origin`. */
export function openIdConfiguration(origin: string, tenant: string): SandboxAnswer {
  const base = `${origin}/${tenant}`;
  // Entra leaves a placeholder in the issuer where the authority names no single tenant.
  const shown = ['common', 'organizations', 'consumers'].includes(tenant) ? '{tenantid}' : tenant;
  return {
    status: 200,
    body: {
      issuer: `${origin}/${shown}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'form_post'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'preferred_username', 'name', 'tid', 'oid'],
    },
  };
}

/** `/common/discovery/instance`: the cloud consists of this one host. */
export function instanceDiscovery(origin: string): SandboxAnswer {
  const { host } = new URL(origin);
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `${origin}/common/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  };
}
