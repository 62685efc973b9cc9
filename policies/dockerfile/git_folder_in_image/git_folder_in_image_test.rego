package policyctl.dockerfile.git_folder_in_image_test

import data.policyctl.dockerfile.git_folder_in_image as rule

_file(taken) := {"stages": [{"index": 0, "final": true, "instructions": [{"name": "COPY", "sources": ["."], "destination": "/a", "takes": [{"file": taken, "line": taken, "source": 0, "ignore": ".dockerignore"}]}]}]}

test_the_folder_is_taken if {
	rule.deny == {{
		"path": ["stages", 0, "instructions", 0, "sources", 0],
		"message": "COPY . takes the folder .git along into the image: add the line .git at the end of .dockerignore",
	}} with input as _file(".git/config")
}

test_other_files if {
	rule.deny == set() with input as _file(".env")
}
