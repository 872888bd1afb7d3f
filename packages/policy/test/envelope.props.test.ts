import { clonePlain } from '@callgate/canonical';
import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import {
  PolicyError,
  compilePolicy,
  decide,
  type CompiledPolicy,
  type ToolDocument,
  type ValueSchema,
} from '../src/index.ts';
import { anySchema, anyValue } from './support/arbitraries.ts';
import { casesOr } from './support/cases.ts';
import { toJsonSchema } from './support/json-schema.ts';
import { toolCall, valuePolicy } from './support/policies.ts';

/** Generated schemas may list values that their own keywords refuse, which does not load. */
function tryPolicy(schema: ValueSchema): CompiledPolicy | undefined {
  try {
    return valuePolicy(schema);
  } catch (error) {
    if (PolicyError.is(error)) return undefined;
    throw error;
  }
}

it('generated schemas accept what a full JSON Schema validator accepts', () => {
  let loaded = 0;
  fc.assert(
    fc.property(anySchema, fc.array(anyValue, { minLength: 1, maxLength: 8 }), (schema, values) => {
      const policy = tryPolicy(schema);
      if (policy === undefined) return;
      loaded += 1;
      const validator = new Validator(toJsonSchema(schema), '2020-12');
      for (const value of values) {
        const isAllowed = decide(policy, toolCall({ value: clonePlain(value) })).effect === 'allow';
        expect({ value, isAllowed }).toEqual({ value, isAllowed: validator.validate(value).valid });
      }
    }),
    { numRuns: casesOr(1500) },
  );
  expect(loaded).toBeGreaterThan(1000);
});

it('a call is denied exactly when it has a violation or an error', () => {
  fc.assert(
    fc.property(anySchema, anyValue, (schema, value) => {
      const policy = tryPolicy(schema);
      if (policy === undefined) return;
      const decision = decide(policy, toolCall({ value: clonePlain(value) }));
      expect(decision.effect === 'deny').toBe(decision.violations.length + decision.errors.length > 0);
    }),
    { numRuns: casesOr(1000) },
  );
});

it('[decide.narrowing] adding a constraint never allows more', () => {
  fc.assert(
    fc.property(anySchema, anySchema, anyValue, (first, second, value) => {
      const arguments_ = { value: first };
      const before = tryCompile({ 'look*': { ring: 1, arguments: arguments_ } });
      const after = tryCompile({
        'look*': { ring: 1, arguments: arguments_ },
        '*up': { ring: 1, arguments: { value: second } },
      });
      if (before === undefined || after === undefined) return;
      const call = toolCall({ value: clonePlain(value) });
      if (decide(before, call).effect === 'deny') expect(decide(after, call).effect).toBe('deny');
    }),
    { numRuns: casesOr(1000) },
  );
});

function tryCompile(tools: Record<string, ToolDocument>): CompiledPolicy | undefined {
  try {
    return compilePolicy({ callgate: 1, name: 'test', version: '1', servers: { inventory: { tools } } });
  } catch (error) {
    if (PolicyError.is(error)) return undefined;
    throw error;
  }
}
