-- What stands below the ranking that was just made: how many groups it leaves out. ranked is a function of src/query/lookup.c.
WITH more AS (
    SELECT ranked('groups') - :n AS groups, ranked('failing') - ranked('shown') AS failing,
        CASE :by WHEN 'ip' THEN 'address' WHEN 'subnet' THEN 'network' WHEN 'header-from' THEN 'From domain'
            WHEN 'envelope-from' THEN 'envelope domain' WHEN 'dkim-domain' THEN 'DKIM domain' WHEN 'spf-domain' THEN 'SPF domain'
            ELSE :by END AS noun
)
SELECT printf('%,d more %s%s', groups, noun, CASE WHEN groups = 1 THEN '' WHEN noun = 'address' THEN 'es' ELSE 's' END)
    || CASE WHEN failing > 0 THEN printf(' fail%s %,d message%s', CASE WHEN groups = 1 THEN 's' ELSE '' END, failing,
        CASE WHEN failing = 1 THEN '' ELSE 's' END) ELSE '' END
    || ': -n 0 shows all'
FROM more
WHERE :n > 0 AND groups > 0
