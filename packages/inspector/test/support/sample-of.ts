/** Makes texts of a pattern, for tests: literals, classes, groups, alternatives and bounded quantifiers. What looks around is left out. */
export function sampleOf(pattern: RegExp, random: () => number): string {
  return new Sampler(pattern.source, random).alternatives();
}

/** Numbers from 0 to 1, the same ones for the same seed (Park and Miller). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

class Sampler {
  readonly #source: string;
  readonly #random: () => number;
  #at = 0;

  constructor(source: string, random: () => number) {
    this.#source = source;
    this.#random = random;
  }

  alternatives(): string {
    const all = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at += 1;
      all.push(this.#sequence());
    }
    return all[Math.floor(this.#random() * all.length)] ?? '';
  }

  #sequence(): string {
    let text = '';
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      const begin = this.#at;
      let piece = this.#atom();
      const end = this.#at;
      const count = this.#count();
      const after = this.#at;
      if (count === 0) piece = '';
      for (let more = 1; more < count; more += 1) {
        this.#at = begin;
        piece += this.#atom();
      }
      this.#at = Math.max(after, end);
      text += piece;
    }
    return text;
  }

  #atom(): string {
    const character = this.#source[this.#at] ?? '';
    this.#at += 1;
    if (character === '[') return this.#class();
    if (character === '(') return this.#group();
    if (character === '\\') return this.#source[this.#at++] ?? '';
    return character === '$' ? '' : character;
  }

  #group(): string {
    const isAround = /^\?(?:[=!]|<[=!])/u.test(this.#source.slice(this.#at));
    this.#at += /^\?(?::|<?[=!]|<[a-z]+>)/u.exec(this.#source.slice(this.#at))?.[0].length ?? 0;
    const text = this.alternatives();
    this.#at += 1;
    return isAround ? '' : text;
  }

  #class(): string {
    const characters: string[] = [];
    while (this.#source[this.#at] !== ']') {
      if (this.#source[this.#at] === '\\') this.#at += 1;
      const first = this.#source[this.#at] ?? '';
      const isRange = this.#source[this.#at + 1] === '-' && this.#source[this.#at + 2] !== ']';
      const last = isRange ? (this.#source[this.#at + 2] ?? '') : first;
      this.#at += isRange ? 3 : 1;
      for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code += 1)
        characters.push(String.fromCharCode(code));
    }
    this.#at += 1;
    return characters[Math.floor(this.#random() * characters.length)] ?? '';
  }

  #count(): number {
    const rest = this.#source.slice(this.#at);
    if (rest.startsWith('?')) {
      this.#at += 1;
      return this.#random() < 0.5 ? 0 : 1;
    }
    if (rest.startsWith('*') || rest.startsWith('+')) {
      this.#at += 1;
      return 20;
    }
    const bounds = /^\{(?<least>\d+)(?:,(?<most>\d+))?\}/u.exec(rest);
    if (bounds === null) return 1;
    this.#at += bounds[0].length;
    const least = Number(bounds.groups?.['least']);
    return (
      least + Math.floor(this.#random() * (Math.min(Number(bounds.groups?.['most'] ?? least), least + 8) - least + 1))
    );
  }
}
