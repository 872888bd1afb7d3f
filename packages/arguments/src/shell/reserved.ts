/** Words that a shell of the family reads as grammar where a command starts. */
export const RESERVED: ReadonlySet<string> = new Set(
  '! - [[ ]] { } case coproc do done elif else end esac fi for foreach function if in nocorrect noglob repeat select then time until while'.split(
    ' ',
  ),
);
