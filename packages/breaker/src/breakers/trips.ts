import type { Trip } from '@callgate/policy';

export type CountingTrip = Extract<Trip, { readonly on: 'identical failure' | 'consecutive failure' | 'denial' }>;
export type FailureRateTrip = Extract<Trip, { readonly on: 'failure' }>;
export type LatencyTrip = Extract<Trip, { readonly on: 'latency' }>;
export type CycleTrip = Extract<Trip, { readonly on: 'cycle' }>;
export type SameResultTrip = Extract<Trip, { readonly on: 'same result' }>;
