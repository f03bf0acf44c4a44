# Completion of dmarcq for fish: the candidates come from `dmarcq complete`.

function __dmarcq_complete
    set -l typed (commandline -opc)
    set -l last (commandline -ct | string unescape)
    test -n "$last"; or set last ''
    # Of --db=PATH only the path is a name of a file.
    set -l head (string match -r -- '^--[a-z-]+=' $last)
    set -l path (string replace -- "$head" '' $last)
    for line in ($typed[1] complete -- $typed[2..-1] $last 2>/dev/null)
        switch $line
            case ':files'
                string replace -r '^' -- "$head" (__fish_complete_path $path)
            case ':folders'
                string replace -r '^' -- "$head" (__fish_complete_directories $path '')
            case '*'
                echo $line
        end
    end
end

complete -c dmarcq -f -k -a '(__dmarcq_complete)'
