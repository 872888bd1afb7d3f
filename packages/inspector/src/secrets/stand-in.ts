/** Words that only examples and templates hold. */
const EXAMPLE =
  /example|sample|placeholder|changeme|change[-_. ]me|redacted|your[-_ ]?(?:api|app|auth|access|secret|client|own|key|token|pass|private|account|project|org)|(?:token|key|secret|password)[-_]?goes|[-_]here$|x{5}|\*{3}|\.{3}|…|•{3}|<[\w -]*>/iu;

/** Further words of values that a person made up. */
const MADE_UP =
  /dummy|insert|replace|lorem|ipsum|deadbeef|here$|^here|(?<![a-z])(?:your|my|fake|foo|bar|test|todo|some)(?![a-z])/iu;

/** Forms by which templates, shells and programs name a value that is filled in later. */
const TEMPLATE =
  /^(?:<[^>]*>|\[[^\]]*\]|\{[^}]*\}|%[^%]*%|\$\w+|@\w+@|__\w+__|&\w+;?)$|\$\{[\w.:?/-]*\}|\$\([\w .-]*\)|\{\{[^{}]*\}\}|<%|%\(\w+\)|%[sdv]\b|#\{\w*\}|\[redacted:/iu;

/** So many equal or consecutive characters in a row are typed by a person who needs an example. */
const MAX_RUN = 6;

/** Whether a value only stands for a secret, even where its form is that of a real one. */
export function isExample(value: string): boolean {
  return isOfFew(value) || TEMPLATE.test(value) || EXAMPLE.test(value);
}

/** Whether a value of no form of its own only stands for a secret: a template, an example, made up or typed. */
export function isStandIn(value: string): boolean {
  return isExample(value) || MADE_UP.test(value) || isTyped(value);
}

/** Whether it has fewer than four different characters: most values show a fourth at once. */
function isOfFew(value: string): boolean {
  const seen: string[] = [];
  for (const character of value.slice(0, 256)) {
    if (seen.includes(character)) continue;
    if (seen.length === 3) return false;
    seen.push(character);
  }
  return true;
}

/** Whether it has a long run of equal or consecutive characters: `aaaaaaaa`, `12345678`, `abcdefgh`. */
function isTyped(value: string): boolean {
  let equal = 1;
  let rising = 1;
  let falling = 1;
  let previous = Number.NaN;
  for (let index = 0; index < value.length; index += 1) {
    const unit = value.charCodeAt(index);
    equal = unit === previous ? equal + 1 : 1;
    rising = unit === previous + 1 ? rising + 1 : 1;
    falling = unit === previous - 1 ? falling + 1 : 1;
    if (equal >= MAX_RUN || rising >= MAX_RUN || falling >= MAX_RUN) return true;
    previous = unit;
  }
  return false;
}
