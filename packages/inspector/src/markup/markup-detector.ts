import type { Detector } from '../detector.ts';
import { FEATURES } from '../scan/features.ts';
import { commentMatches } from './comments.ts';
import { elementMatches } from './hidden-elements.ts';
import { markdownMatches } from './markdown-channels.ts';
import { unshownMatches } from './unshown.ts';

/**
 * Finds what HTML and Markdown hold and do not show: comments, hidden elements, comments in the form of link definitions, long
 * alternative texts. It stays, and is inspected as hidden text, so that what it says is judged by where it stands.
 */
export const MARKUP_DETECTOR: Detector = Object.freeze({
  kind: 'invisible',
  features: FEATURES.lessThan | FEATURES.bracket | FEATURES.backslash,
  find({ text, features }, report, fuel): void {
    // Engines search for a pattern many times faster than text is read here.
    fuel.spend(Math.ceil(text.length / 2));
    if ((features & FEATURES.lessThan) !== 0) {
      for (const match of commentMatches(text)) report(match);
      for (const match of elementMatches(text, fuel)) report(match);
    }
    if ((features & (FEATURES.lessThan | FEATURES.backslash)) !== 0) {
      for (const match of unshownMatches(text)) report(match);
    }
    if ((features & FEATURES.bracket) !== 0) for (const match of markdownMatches(text)) report(match);
  },
} satisfies Detector);
