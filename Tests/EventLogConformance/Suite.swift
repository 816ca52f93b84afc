// filled by the suite's author
