{{- define "conch.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* Names get up to ten characters more (-triton, -api-keys), and a label has 63. */}}
{{- define "conch.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "conch.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "conch.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Of a list (root, component): the labels that select. */}}
{{- define "conch.selectorLabels" -}}
app.kubernetes.io/name: {{ include "conch.name" (index . 0) }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "conch.labels" -}}
{{ include "conch.selectorLabels" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name (index . 0).Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Of a list (root, image). */}}
{{- define "conch.image" -}}
{{ (index . 1).repository }}:{{ (index . 1).tag | default (index . 0).Chart.AppVersion }}
{{- end -}}

{{- define "conch.keysSecret" -}}
{{- if .Values.apiKeys.existingSecret -}}
{{- .Values.apiKeys.existingSecret -}}
{{- else if .Values.apiKeys.keys -}}
{{- include "conch.fullname" . }}-api-keys
{{- end -}}
{{- end -}}

{{/* What no schema can say: values that do not go together. */}}
{{- define "conch.validate" -}}
{{- $keys := include "conch.keysSecret" . -}}
{{- if and .Values.apiKeys.existingSecret .Values.apiKeys.keys -}}
{{- fail "apiKeys: existingSecret and keys do not go together" -}}
{{- end -}}
{{- if not (or $keys .Values.apiKeys.open) -}}
{{- fail "apiKeys: none are configured (expected: existingSecret, keys, or open: true to serve whoever asks)" -}}
{{- end -}}
{{- if and $keys .Values.apiKeys.open -}}
{{- fail "apiKeys.open: true does not go with existingSecret or keys" -}}
{{- end -}}
{{- if and .Values.management.exposed (not $keys) -}}
{{- fail "management.exposed: true needs apiKeys: models are loaded and unloaded there" -}}
{{- end -}}
{{- if not .Values.config.models -}}
{{- fail "config.models: empty (expected: at least one model, with name and folder)" -}}
{{- end -}}
{{- if and .Values.triton.enabled .Values.triton.addresses -}}
{{- fail "triton.addresses: set together with triton.enabled (expected: enabled: false to attach to a Triton that is there)" -}}
{{- end -}}
{{- if not (or .Values.triton.enabled .Values.triton.addresses) -}}
{{- fail "triton.addresses: empty (expected: host:port of each Triton, as triton.enabled is false)" -}}
{{- end -}}
{{- if and .Values.models.fromTritonImage (not .Values.triton.enabled) -}}
{{- fail "models.fromTritonImage: there is no Triton image, as triton.enabled is false" -}}
{{- end -}}
{{- if eq (empty .Values.models.fromTritonImage) (empty .Values.models.volume) -}}
{{- fail "models: expected either volume, where the folders of config.models are, or fromTritonImage" -}}
{{- end -}}
{{- end -}}

{{/* conch.yaml: what the values say, and what the chart decides. */}}
{{- define "conch.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $server := $config.server | default dict -}}
{{- $_ := set $server "host" "0.0.0.0" -}}
{{- $_ := set $server "port" 8080 -}}
{{- $_ := set $server "drain-delay" (printf "%ds" (int .Values.drain.delaySeconds)) -}}
{{- $_ := set $server "drain-timeout" (printf "%ds" (int .Values.drain.timeoutSeconds)) -}}
{{- if include "conch.keysSecret" . -}}
{{- $_ := set $server "api-keys-file" "/etc/conch/keys/api-keys" -}}
{{- end -}}
{{- $_ := set $config "server" $server -}}
{{- $_ := set $config "management" (dict "host" (ternary "0.0.0.0" "127.0.0.1" .Values.management.exposed) "port" 9090) -}}
{{- $triton := $config.triton | default dict -}}
{{- $own := list (printf "%s-triton:8001" (include "conch.fullname" .)) -}}
{{- $_ := set $triton "addresses" (ternary $own .Values.triton.addresses .Values.triton.enabled) -}}
{{- $_ := set $config "triton" $triton -}}
{{- /* Sections without keys are left out. */ -}}
{{- range $name, $section := $config }}
{{- if $section }}
{{ $name }}:
{{- toYaml $section | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "conch.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- define "conch.placement" -}}
nodeSelector: {{- toYaml .nodeSelector | nindent 2 }}
tolerations: {{- toYaml .tolerations | nindent 2 }}
affinity: {{- toYaml .affinity | nindent 2 }}
{{- end -}}

{{/* Of the values of Triton: its resources, and its GPUs among the limits. */}}
{{- define "conch.tritonResources" -}}
{{- $resources := deepCopy .resources -}}
{{- if .gpus -}}
{{- $limits := $resources.limits | default dict -}}
{{- $_ := set $limits "nvidia.com/gpu" (int .gpus) -}}
{{- $_ := set $resources "limits" $limits -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end -}}
