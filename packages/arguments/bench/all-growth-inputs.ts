import { growthInputs as cidr } from './cidr.ts';
import { growthInputs as email } from './email.ts';
import { growthInputs as glob } from './glob.ts';
import type { GrowthInput } from './growth-inputs.ts';
import { growthInputs as id } from './id.ts';
import { growthInputs as json } from './json.ts';
import { growthInputs as money } from './money.ts';
import { growthInputs as path } from './path.ts';
import { growthInputs as regex } from './regex.ts';
import { growthInputs as shell } from './shell.ts';
import { growthInputs as sql } from './sql.ts';
import { growthInputs as text } from './text.ts';
import { growthInputs as time } from './time.ts';
import { growthInputs as url } from './url.ts';

/** The crafted values of every argument kind, by the kind's name. */
export const ALL_GROWTH_INPUTS: Readonly<Record<string, readonly GrowthInput[]>> = {
  cidr,
  email,
  glob,
  id,
  json,
  money,
  path,
  regex,
  shell,
  sql,
  text,
  time,
  url,
};
