SELECT arrival.original FROM failure LEFT JOIN arrival ON arrival.id = failure.arrival WHERE failure.id = ?1
