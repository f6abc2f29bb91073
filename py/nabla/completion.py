"""What the shell offers after Tab: labs, their inputs and choices, and options; for Bash and Zsh.

`eval "$(nabla --completion bash)"` in ~/.bashrc, or the same with zsh in ~/.zshrc, turns it on.
"""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Sequence

from nabla.lab import LABS

SHELLS = ("bash", "zsh")

# An equals sign parts words in Bash, so `what=grad` are three of them, of which the last is completed.
_BASH = """\
_nabla() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} name="" offered=""
  if [[ $word == "=" ]]; then name=$before; word=""
  elif [[ $before == "=" ]]; then name=${COMP_WORDS[COMP_CWORD-2]}
  elif [[ $word == *=* ]]; then name=${word%%=*}; word=${word#*=}
  fi
  if [[ $word == @* ]]; then
    COMPREPLY=($(compgen -P @ -f -- "${word#@}"))
    return
  fi
  if [[ -n $name ]]; then
    case ${COMP_WORDS[1]}.$name in
@CHOICES@
    esac
  elif [[ $word == -* ]]; then offered=@OPTIONS@
  elif [[ $COMP_CWORD == 1 ]]; then offered=@LABS@
  else
    case ${COMP_WORDS[1]} in
@INPUTS@
    esac
    [[ $offered ]] && compopt -o nospace 2>/dev/null
  fi
  COMPREPLY=($(compgen -W "$offered" -- "$word"))
}
complete -F _nabla nabla
"""
_ZSH = "autoload -U +X compinit && compinit -u\nautoload -U +X bashcompinit && bashcompinit\n"


def script(shell: str, parser: argparse.ArgumentParser) -> str:
    """The program that a shell of that name reads; the options are those of the parser."""
    options = [option for action in parser._actions for option in action.option_strings]
    inputs = [_case(name, [f"{field.name}=" for field in lab.fields]) for name, lab in LABS.items()]
    choices = [
        _case(f"{name}.{field.name}", field.choices)
        for name, lab in LABS.items()
        for field in lab.fields
        if field.choices
    ]
    filled = {
        "@OPTIONS@": shlex.quote(" ".join(options)),
        "@LABS@": shlex.quote(" ".join(["ask", *LABS])),
        "@INPUTS@": "\n".join(inputs),
        "@CHOICES@": "\n".join(choices),
    }
    text = _BASH
    for mark, part in filled.items():
        text = text.replace(mark, part)
    return (_ZSH if shell == "zsh" else "") + text


def _case(name: str, words: Sequence[str]) -> str:
    """A branch of the script; what a shell would take apart is not offered."""
    plain = [word for word in words if re.fullmatch(r"[\w^.+=-]+", word)]
    return f"      {name}) offered={shlex.quote(' '.join(plain))} ;;"
