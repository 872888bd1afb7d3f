import { token, type TokenFormat } from '../token-format.ts';

/** Monitoring, logs, identity and analytics. */
export const OBSERVATION: readonly TokenFormat[] = [
  token(
    'grafana-service-token',
    'Grafana service account token',
    ['glsa_'],
    'glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}',
    'github',
  ),
  token('grafana-cloud-token', 'Grafana Cloud token', ['glc_'], 'glc_[A-Za-z0-9+/]{32,400}={0,3}', 'github', {
    minEntropy: 3,
  }),
  token('grafana-key', 'Grafana API key', ['eyjrijoi'], 'eyJrIjoi[A-Za-z0-9]{60,400}={0,3}', 'github', {
    minEntropy: 3,
  }),
  token('sentry-user-token', 'Sentry user token', ['sntryu_'], 'sntryu_[a-f0-9]{64}', 'github', { minEntropy: 3 }),
  token(
    'sentry-organization-token',
    'Sentry organization token',
    ['sntrys_'],
    'sntrys_eyJ[A-Za-z0-9+/=_-]{60,600}',
    'github',
    { minEntropy: 3.5 },
  ),
  token('newrelic-user-key', 'New Relic user key', ['nrak-'], 'NRAK-[A-Za-z0-9]{27}', 'github'),
  token('newrelic-insert-key', 'New Relic insert key', ['nrii-'], 'NRII-[A-Za-z0-9-]{32}', 'github'),
  token('newrelic-query-key', 'New Relic query key', ['nriq-'], 'NRIQ-[A-Za-z0-9-]{32}', 'github'),
  token('newrelic-rest-key', 'New Relic REST key', ['nrra-'], 'NRRA-[a-f0-9]{42}', 'github'),
  token('newrelic-browser-key', 'New Relic browser key', ['nrjs-'], 'NRJS-[a-f0-9]{19}', 'github'),
  token('newrelic-license-key', 'New Relic licence key', ['nral'], '[a-f0-9]{36}NRAL', 'github', { before: 36 }),
  token('datadog-application-key', 'Datadog application key', ['ddapp_'], 'ddapp_[A-Za-z0-9]{34}', 'github'),
  token(
    'honeycomb-key',
    'Honeycomb key',
    ['hcaik_', 'hcxik_', 'hcalk_', 'hcxlk_'],
    'hc[ax][il]k_[0-9a-z]{26,64}',
    'github',
  ),
  token('logfire-token', 'Logfire token', ['pylf_v'], 'pylf_v[0-9]_[a-z]{2,12}_[A-Za-z0-9]{40,60}', 'github'),
  token('posthog-key', 'PostHog personal key', ['phx_', 'phs_'], 'ph[xs]_[A-Za-z0-9]{40,52}', 'github', {
    minEntropy: 3.5,
  }),
  token('okta-token', 'Okta token in a header', ['ssws '], 'SSWS 00[A-Za-z0-9_-]{40}', 'trufflehog', {
    isCaseInsensitive: true,
    minEntropy: 3,
  }),
  token('rootly-key', 'Rootly key', ['rootly_'], 'rootly_[a-f0-9]{64}', 'github'),
  token('polar-token', 'Polar token', ['polar_oat_', 'polar_pat_'], 'polar_[op]at_[A-Za-z0-9_-]{30,60}', 'github'),
  token('deno-token', 'Deno Deploy token', ['ddp_', 'ddo_'], 'dd[po]_[A-Za-z0-9]{36}', 'github', { minEntropy: 3 }),
  token('ionic-token', 'Ionic token', ['ion_'], 'ion_[A-Za-z0-9]{42}', 'github', { minEntropy: 3 }),
  token('pubnub-key', 'PubNub secret key', ['sec-c-'], 'sec-c-[A-Za-z0-9-]{36,60}', 'trufflehog'),
  token('ory-token', 'Ory token', ['ory_'], 'ory_(?:pat|at|rt|ac|wak)_[A-Za-z0-9_.-]{20,120}', 'trufflehog', {
    minEntropy: 3,
  }),
  token(
    'axiom-token',
    'Axiom token',
    ['xaat-', 'xapt-'],
    'xa[ap]t-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
    'github',
  ),
];
