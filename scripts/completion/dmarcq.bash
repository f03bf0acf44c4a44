# Completion of dmarcq for bash: the candidates come from `dmarcq complete`.

# The words up to the cursor as they were typed into COMP_LINE: bash has cut them at "=" and ":".
_dmarcq_words() {
	local line=${COMP_LINE:0:COMP_POINT} word rest i

	for ((i = 0; i <= COMP_CWORD; i++)); do
		rest=${line#"${line%%[![:blank:]]*}"}
		word=${COMP_WORDS[i]}
		if ((i == COMP_CWORD)); then
			word=$rest
		fi
		if ((i > 0)) && [[ $rest == "$line" && -n $rest ]]; then
			words[${#words[@]} - 1]+=$word
		else
			words+=("$word")
		fi
		line=${rest#"$word"}
	done
}

_dmarcq() {
	local words=() breaks='' head='' last line candidate

	_dmarcq_words
	words=("${words[@]//[\\\"\']/}")
	last=${words[-1]}
	# What stands before the last "=" or ":" is not replaced.
	[[ $COMP_WORDBREAKS != *=* ]] || breaks+='='
	[[ $COMP_WORDBREAKS != *:* ]] || breaks+=':'
	[[ -z $breaks || $last != *["$breaks"]* ]] || head=${last%"${last##*["$breaks"]}"}

	COMPREPLY=()
	while IFS= read -r line; do
		candidate=${line%%$'\t'*}
		case $candidate in
		:files) compopt -o default ;;
		:folders) compopt -o dirnames ;;
		*)
			[[ $candidate != *= ]] || compopt -o nospace
			candidate=${candidate#"$head"}
			# Inside quotes bash adds what is missing itself.
			[[ ${COMP_WORDS[COMP_CWORD]} == [\"\']* ]] || printf -v candidate %q "$candidate"
			COMPREPLY+=("$candidate")
			;;
		esac
	done < <("${words[0]/#\~/$HOME}" complete -- "${words[@]:1}" 2>/dev/null)
}

complete -F _dmarcq dmarcq
